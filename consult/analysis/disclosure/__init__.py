"""What may be published of small groups: hidden cells, rounded cells, and what several tables tell together."""
