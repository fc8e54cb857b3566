package dev.slipway.model;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An error of this module: a model file that cannot be read, or does not hold what it must. */
public final class ModelException extends CodedException {
    private static final long serialVersionUID = 1L;

    public ModelException(String code, ErrorKind kind, String message, String hint, @Nullable Throwable cause) {
        super(code, kind, message, hint, cause);
    }

    /** A file whose bytes break its format's rules, or that ends too early. */
    public static ModelException corrupt(Path file, String wrong) {
        return new ModelException(
                "model.corrupt-file",
                ErrorKind.CORRUPT,
                "Cannot read the model file " + file + ": " + wrong + ".",
                "The file is damaged or incomplete: delete it and download it again.",
                null);
    }

    /** A file that may be sound but is of a kind that this reader does not know. */
    public static ModelException unsupported(Path file, String what, String hint) {
        return new ModelException(
                "model.unsupported-file",
                ErrorKind.INVALID,
                "Cannot read the model file " + file + ": " + what + ".",
                hint,
                null);
    }
}
