"""Figures and tests where everybody was as likely to be asked as anybody else: from counts alone."""
