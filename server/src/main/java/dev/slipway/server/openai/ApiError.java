package dev.slipway.server.openai;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.http.ErrorMapper;
import dev.slipway.http.HttpException;
import dev.slipway.server.ServerException;
import tools.jackson.databind.node.ObjectNode;

/**
 * An error in OpenAI's shape.
 *
 * @param param the part of the request that was wrong, or empty
 */
record ApiError(int status, String message, String type, String param, String code) {
    private static final int UNAVAILABLE = 503;

    static ApiError of(Throwable failure, String requestId) {
        if (!(failure instanceof CodedException coded)) {
            return new ApiError(
                    500,
                    "The server failed in a way that nobody foresaw. Its log says more about request " + requestId
                            + ".",
                    "server_error",
                    "",
                    "internal_error");
        }
        int status = status(coded);
        String message = coded.hint().isEmpty() ? coded.getMessage() : coded.getMessage() + " " + coded.hint();
        String param = coded instanceof ServerException server ? server.parameter() : "";
        return new ApiError(status, message, type(status), param, code(coded));
    }

    private static int status(CodedException failure) {
        return switch (failure.code()) {
            // The process and the server disagree about what is loaded; that heals itself.
            case "runtime.model-not-loaded", "runtime.model-identity" -> UNAVAILABLE;
            case "runtime.unsupported" -> 400;
            // A file on the server is wrong, not the request that came across it.
            case "server.invalid-config" -> 500;
            default ->
                failure instanceof HttpException http
                        ? http.status()
                        : failure.kind() == ErrorKind.EXHAUSTED ? UNAVAILABLE : ErrorMapper.statusOf(failure);
        };
    }

    private static String type(int status) {
        if (status >= 500) {
            return "server_error";
        }
        return status == 401 || status == 403 ? "permission_error" : "invalid_request_error";
    }

    /** OpenAI's word where it has one, else our own code. */
    private static String code(CodedException failure) {
        return switch (failure.code()) {
            case "server.unknown-model" -> "model_not_found";
            case "server.invalid-request" -> "invalid_value";
            case "server.unsupported-parameter", "backend.unsupported-option" -> "unsupported_parameter";
            case "server.malformed-json" -> "invalid_json";
            case "engine.context-overflow" -> "context_length_exceeded";
            case "http.not-found" -> "unknown_url";
            default -> failure.code();
        };
    }

    ObjectNode toJson() {
        ObjectNode json = JsonBodies.object();
        ObjectNode error = json.putObject("error").put("message", message).put("type", type);
        error.put("param", param.isEmpty() ? null : param);
        error.put("code", code);
        return json;
    }
}
