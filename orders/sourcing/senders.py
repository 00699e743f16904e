"""Sets of locations as rows, what each location of a set must and may send, and how units are spread."""

from dataclasses import dataclass

import numpy as np

from orders.sourcing.scoring import Scores
from orders.sourcing.weighing import Grid, Masks, Real, Weigher


@dataclass(frozen=True)
class Senders:
    """Sets of nodes: `places` are the rows of their nodes (sets, slots), a slot too many has the empty
    node. Of each bundle a place sends `least` and may send `spare` more (sets, slots, bundles), and
    `left` are the units that the places of a set share out (sets, bundles).
    """

    weigher: Weigher
    scores: Scores
    places: Grid
    least: Grid
    spare: Grid
    left: Grid

    @property
    def grams(self) -> Grid:
        return np.array(self.weigher.grams, dtype=np.int64)

    def of(self, rows: Grid | Masks | slice) -> "Senders":
        """Some of the sets."""
        parts = (part[rows] for part in (self.places, self.least, self.spare, self.left))
        return Senders(self.weigher, self.scores, *parts)

    def filled(self, prices: Real) -> Grid:
        """Units by set, slot and bundle, each taken where the price is lowest."""
        turn = np.argsort(prices, axis=1, kind="stable")
        spare = np.take_along_axis(self.spare, turn, axis=1)
        before = np.cumsum(spare, axis=1) - spare
        more = np.empty_like(spare)
        np.put_along_axis(more, turn, np.clip(self.left[:, None, :] - before, 0, spare), axis=1)
        return np.asarray(self.least + more)

    def score(self, took: Grid) -> Real:
        """What the sets come to by their scores when they send that."""
        freight = self.scores.steps.freight(self.places, took @ self.grams)
        parcels = self.scores.parcel[self.places] + self.scores.freight * freight
        units: Real = (self.scores.unit[self.places] * took).sum(axis=(1, 2))
        return np.asarray(units + np.where(took.any(axis=2), parcels, 0).sum(axis=1))


def places_of(masks: Masks) -> Grid:
    """The sets as rows of places, filled up with the empty node."""
    slots = int(masks.sum(axis=1).max())
    rows = np.argsort(~masks, axis=1, kind="stable")[:, :slots]
    return np.where(np.take_along_axis(masks, rows, axis=1), rows, masks.shape[1])


def senders(weigher: Weigher, scores: Scores, places: Grid, *, in_time: bool) -> Senders:
    """All that the sets can send, and as much of it in time as can be where that is asked."""
    free = np.array([*weigher.free, [0] * len(weigher.bundles)], dtype=np.int64)[places]
    sent = np.minimum(np.array(weigher.wanted), free.sum(axis=1))
    most, least = free, np.zeros_like(free)
    if in_time:
        late = np.array([*(node.is_late for node in weigher.nodes), False])[places][:, :, None]
        on_time = (free * ~late).sum(axis=1)
        is_enough = (on_time >= sent)[:, None, :]
        most = np.where(is_enough & late, 0, free)
        least = np.where(is_enough | late, 0, free)
    others = most.sum(axis=1, keepdims=True) - most
    least = np.maximum(least, sent[:, None, :] - others).clip(min=0)
    return Senders(weigher, scores, places, least, most - least, sent - least.sum(axis=1))
