package dev.slipway.oracle.libllama;

/** What the process of libllama can be asked; the byte that stands for it on the wire is its place here. */
enum Call {
    LOAD,
    TOKENIZE,
    PIECE,
    LOGITS,
    PREFILL,
    DECODE,
    LEAVE
}
