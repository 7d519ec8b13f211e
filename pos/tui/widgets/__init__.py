"""What screens are made of: lines that keep their columns, inputs for money, the map of seats. No business in here."""
