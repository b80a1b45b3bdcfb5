"""What a page says of itself: title, authors, publication date, language; None where it does not say."""
