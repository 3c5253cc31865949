"""What several questions say together: scales, drivers, satisfaction, quality, preferences, path models."""
