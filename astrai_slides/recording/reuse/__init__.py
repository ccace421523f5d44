"""What an edited scene need not play again."""
