"""What shoppers report of goods (举报), and what they are told came of it."""
