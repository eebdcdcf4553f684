"""The Entra face: discovery, signing keys, and tokens for apps that prove who they are."""
