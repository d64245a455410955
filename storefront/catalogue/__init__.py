"""What shoppers look at: the home page, goods, factories, belts."""
