package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
)

// Reads a token a line, and tells for each whether Verify takes it.
func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if err := Verify(context.Background(), lines.Text()); err != nil {
			fmt.Println("refused:", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("taken")
		}
	}
}
