package dev.slipway.model;

/** Which elements of a head the rotary position embedding turns against each other, as the weights were stored. */
public enum RopePairing {
    /** Neighbours: 0 and 1, 2 and 3, … */
    NEIGHBOURS,
    /** Halves: 0 and n/2, 1 and n/2 + 1, … */
    HALVES
}
