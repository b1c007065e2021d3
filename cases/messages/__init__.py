"""E-mail to the people of a review: a link and no case content.

`outbox` writes down what an action owes, in the action's own transaction; `delivery` sends it afterwards;
`need` tells whether it still has a point; `wording` holds the words.
"""
