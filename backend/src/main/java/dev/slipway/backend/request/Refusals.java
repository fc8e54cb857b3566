package dev.slipway.backend.request;

import dev.slipway.backend.BackendException;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.protocol.PredictOptions;

/**
 * Wishes that would change the answer and that this backend cannot fulfil: each is refused by the contract's name for
 * it, never passed over. Values that mean "not set", and the defaults that hosts send with every request, pass; so do
 * wishes about speed and memory alone ({@code NBatch}, {@code NGPULayers}, {@code MMap}, {@code NDraft}, …).
 */
final class Refusals {
    private Refusals() {}

    static void check(PredictOptions request) {
        refuse(request.getImagesCount() > 0, "Images", "This backend reads text only.");
        refuse(request.getVideosCount() > 0, "Videos", "This backend reads text only.");
        refuse(request.getAudiosCount() > 0, "Audios", "This backend reads text only.");
        refuse(request.getMirostat() != 0, "Mirostat", "Use 0.");
        refuse(!neutral(request.getTailFreeSamplingZ(), 1), "TailFreeSamplingZ", "Use 0 or 1.");
        refuse(!request.getNegativePrompt().isBlank(), "NegativePrompt", "Leave it out.");
        refuse(request.getRopeFreqBase() != 0, "RopeFreqBase", "Leave it to the model.");
        refuse(!neutral(request.getRopeFreqScale(), 1), "RopeFreqScale", "Leave it to the model.");
    }

    static void check(ModelOptions request) {
        refuse(!request.getMMProj().isBlank(), "MMProj", "This backend reads text only.");
        refuse(!request.getLoraAdapter().isBlank(), "LoraAdapter", "Merge the adapter into the model first.");
        refuse(!request.getLoraBase().isBlank(), "LoraBase", "Merge the adapter into the model first.");
        refuse(request.getLoraAdaptersCount() > 0, "LoraAdapters", "Merge the adapters into the model first.");
        refuse(!request.getDraftModel().isBlank(), "DraftModel", "Load the model without one.");
        refuse(!request.getControlNet().isBlank(), "ControlNet", "This backend makes no pictures.");
        refuse(!request.getTokenizer().isBlank(), "Tokenizer", "The model file brings its own.");
        refuse(!request.getRopeScaling().isBlank(), "RopeScaling", "Leave it to the model.");
        refuse(request.getRopeFreqBase() != 0, "RopeFreqBase", "Leave it to the model.");
        refuse(!neutral(request.getRopeFreqScale(), 1), "RopeFreqScale", "Leave it to the model.");
        refuse(request.getOverridesCount() > 0, "Overrides", "Change the model file instead.");
        refuse(!request.getEngineArgs().isBlank(), "EngineArgs", "Use Options.");
        refuse(request.hasProxy(), "Proxy", "This backend runs models itself.");
        refuse(request.getVocabOnly(), "VocabOnly", "Load the whole model.");
        refuse(request.getEnableScore(), "EnableScore", "Use a scoring backend.");
    }

    private static boolean neutral(float value, float off) {
        return value == 0 || value == off;
    }

    private static void refuse(boolean asked, String field, String hint) {
        if (asked) {
            throw BackendException.unsupported(field, hint);
        }
    }
}
