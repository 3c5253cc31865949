"""Files: those that respondents send with their answers, and the pictures that authors put beside questions."""
