package dev.slipway.backend;

import static dev.slipway.backend.RunningBackend.NOTHING;
import static dev.slipway.backend.RunningBackend.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.protocol.BackendGrpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import org.junit.jupiter.api.Test;

class TokenCheckTest {
    private static BackendGrpc.BackendBlockingStub with(RunningBackend backend, String authorization) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
        return backend.client().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @Test
    void onlyTheRightTokenIsLetIn() {
        try (RunningBackend backend = new RunningBackend("open sesame")) {
            failure(Status.Code.UNAUTHENTICATED, () -> backend.client().health(NOTHING));
            failure(
                    Status.Code.UNAUTHENTICATED,
                    () -> with(backend, "Bearer open").health(NOTHING));
            failure(
                    Status.Code.UNAUTHENTICATED,
                    () -> with(backend, "open sesame").health(NOTHING));
            assertThat(with(backend, "Bearer open sesame")
                            .health(NOTHING)
                            .getMessage()
                            .toStringUtf8())
                    .isEqualTo("OK");
        }
    }
}
