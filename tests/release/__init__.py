"""What a release is made of: the wheel built twice to the same bytes, its parts (SBOM), their licences, checksums."""
