"""Keys and sealing: what a document says is kept so that the counter itself cannot read it again.

The counter seals (`sealing`, `blind_index`, `commitments`) to public keys that the owner signed
(`recipients`); only the owner's key file (`owner_key`) opens (`opening`). `personal` and `masking` are the
plaintext types that show nothing by accident. `counter_secrets` is what the counter must keep to itself.
Every byte is described in docs/privacy.md.
"""
