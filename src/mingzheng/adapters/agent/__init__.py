"""A signing agent on a person's own machine: a hardware key (PKCS#11) signs what this centre's page asks for.

The page in the browser talks to it over loopback HTTP (docs/formats/signing-agent.md). The PIN is typed in the agent's own
terminal, what is to be signed is shown there, and the private key never leaves the token.
"""
