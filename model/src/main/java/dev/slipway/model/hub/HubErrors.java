package dev.slipway.model.hub;

import dev.slipway.base.ErrorKind;
import dev.slipway.fetch.FetchException;
import dev.slipway.fetch.FetchResponse;
import dev.slipway.model.ModelException;

/** What can go wrong with the Hub, told in words that help. */
final class HubErrors {
    private HubErrors() {}

    /** An answer that is not the one hoped for. */
    static RuntimeException answer(HubModel model, HubSettings settings, FetchResponse response) {
        String code = response.header("X-Error-Code").orElse("");
        FetchException cause = response.failure();
        boolean known = !settings.token().isEmpty();
        return switch (response.status()) {
            case 404 -> notFound(model, settings, code, cause);
            // The Hub hides from strangers whether a repository exists.
            case 401 ->
                code.equals("GatedRepo") || known
                        ? denied(model, settings, cause)
                        : notFound(model, settings, code, cause);
            case 403 -> denied(model, settings, cause);
            default -> cause;
        };
    }

    private static ModelException notFound(HubModel model, HubSettings settings, String code, FetchException cause) {
        String what = code.equals("RevisionNotFound")
                ? "The model " + model.id() + " has no revision '" + model.revision() + "' at " + settings.endpoint()
                : "There is no model " + model.id() + " at " + settings.endpoint() + ", or it is private";
        return new ModelException(
                "model.hub-not-found",
                ErrorKind.NOT_FOUND,
                what + ".",
                "Check the name; for a private model set HF_TOKEN.",
                cause);
    }

    private static ModelException denied(HubModel model, HubSettings settings, FetchException cause) {
        return new ModelException(
                "model.hub-denied",
                ErrorKind.DENIED,
                "The Hub at " + settings.endpoint() + " does not let "
                        + (settings.token().isEmpty() ? "strangers" : "this token") + " read the model " + model.id()
                        + ".",
                "Accept the model's terms on its page, and set HF_TOKEN to a token that may read it.",
                cause);
    }

    static ModelException offline(HubModel model, HubSettings settings) {
        return new ModelException(
                "model.hub-offline",
                ErrorKind.NOT_FOUND,
                "The model " + model + " is not complete in " + settings.cache()
                        + ", and HF_HUB_OFFLINE forbids to fetch it.",
                "Unset HF_HUB_OFFLINE, or fetch the model beforehand.",
                null);
    }

    static ModelException unusable(HubModel model, String what, String hint) {
        return new ModelException(
                "model.hub-unusable",
                ErrorKind.INVALID,
                "The model " + model + " cannot be used: " + what + ".",
                hint,
                null);
    }

    static ModelException malformed(HubModel model, HubSettings settings, String what) {
        return new ModelException(
                "model.hub-answer",
                ErrorKind.CORRUPT,
                "The Hub at " + settings.endpoint() + " describes the model " + model.id() + " wrongly: " + what + ".",
                "Check HF_ENDPOINT; a mirror must answer as the Hub does.",
                null);
    }

    static ModelException tooShort(HubModel model, HubFile file, long bytes) {
        return new ModelException(
                "model.hub-mismatch",
                ErrorKind.CORRUPT,
                "The Hub sends " + bytes + " bytes of the file " + file.name() + " of " + model.id() + ", which has "
                        + file.size() + ".",
                "Try again later.",
                null);
    }

    static ModelException mismatch(HubModel model, HubFile file, String found) {
        return new ModelException(
                "model.hub-mismatch",
                ErrorKind.CORRUPT,
                "The file " + file.name() + " of " + model.id()
                        + " was fetched whole, but is not what the Hub says: its hash is " + found + ", expected "
                        + file.hash() + ".",
                "Try again; if it stays so, something between here and the Hub changes bytes.",
                null);
    }

    static ModelException noSpace(HubModel model, HubSettings settings, long needed, long free) {
        return new ModelException(
                "model.hub-no-space",
                ErrorKind.EXHAUSTED,
                "The model " + model + " needs " + new dev.slipway.base.ByteSize(needed) + " more in "
                        + settings.cache() + ", and there is room for " + new dev.slipway.base.ByteSize(free) + ".",
                "Free some space, or set HF_HOME to a folder on a larger disk.",
                null);
    }
}
