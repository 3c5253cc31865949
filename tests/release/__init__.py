"""What a release is made of: the wheel built twice to the same bytes, deploy/, parts (SBOM), licences, checksums."""
