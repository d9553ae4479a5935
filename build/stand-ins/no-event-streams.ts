// Stands for @smithy/core/event-streams, which the SDK loads at the first call that needs it.
throw new Error('an operation with an event stream needs the module that the bundles leave out');
