"""Can simple models tell a campaign's accounts from the innocent, one account at a time?"""
