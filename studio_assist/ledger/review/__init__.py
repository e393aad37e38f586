"""The index of the Review desk: rows, sums and a full-text search, made from a ledger and never evidence.

It is a SQLite file of its own (`recovery/review.sqlite` of a project), made again from the record whenever it
is missing, of another version, or not trusted. Its texts go when the record's go.
"""

from studio_assist.ledger.review.making import Making as Making
from studio_assist.ledger.review.making import Standing as Standing
from studio_assist.ledger.review.making import leaves_forgotten as leaves_forgotten
from studio_assist.ledger.review.making import update as update
from studio_assist.ledger.review.reader import ReviewIndex as ReviewIndex
from studio_assist.ledger.review.schema import Stopped as Stopped
from studio_assist.ledger.review.schema import remove as remove
