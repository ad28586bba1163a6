"""The opening: sign-in, list, decryption by each bidder's own key, one reading act, confirmation, signed record."""
