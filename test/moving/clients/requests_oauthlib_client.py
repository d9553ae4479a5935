import json
import sys

from oauthlib.oauth2 import BackendApplicationClient
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

order = json.load(sys.stdin)
client = BackendApplicationClient(client_id=order["client_id"], scope=order["scope"])
how = (
    {"auth": HTTPBasicAuth(order["client_id"], order["client_secret"])}
    if order["method"] == "client_secret_basic"
    else {"client_secret": order["client_secret"], "include_client_id": True}
)
token = OAuth2Session(client=client).fetch_token(order["token_endpoint"], **how)
json.dump(token, sys.stdout)
