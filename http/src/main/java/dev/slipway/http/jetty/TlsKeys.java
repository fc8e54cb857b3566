package dev.slipway.http.jetty;

import dev.slipway.base.ErrorKind;
import dev.slipway.http.HttpException;
import dev.slipway.http.TlsFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a certificate and its key out of PEM files into a key store that is never written anywhere. */
final class TlsKeys {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final long LARGEST = 1 << 20;

    private TlsKeys() {}

    static KeyStore load(TlsFiles files) {
        Certificate[] chain = certificates(files.certificate());
        PrivateKey key = key(files.key());
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, new char[0]);
            store.setKeyEntry("server", key, new char[0], chain);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw invalid(files.certificate(), "it does not go with the key " + files.key(), e);
        }
    }

    private static Certificate[] certificates(Path file) {
        try {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(read(file)));
            if (found.isEmpty()) {
                throw invalid(file, "it holds no certificate", null);
            }
            return found.toArray(new Certificate[0]);
        } catch (GeneralSecurityException e) {
            throw invalid(file, "it holds no certificate in PEM form", e);
        }
    }

    private static PrivateKey key(Path file) {
        Matcher matcher = KEY.matcher(new String(read(file), StandardCharsets.ISO_8859_1));
        if (!matcher.find()) {
            throw invalid(file, "it holds no private key in PKCS#8 form", null);
        }
        byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(1));
        for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException _) {
                // It is of another kind.
            } catch (GeneralSecurityException e) {
                throw invalid(file, "keys of kind " + algorithm + " cannot be read here", e);
            }
        }
        throw invalid(file, "its key is none of EC, RSA and EdDSA", null);
    }

    private static byte[] read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw invalid(file, "it is longer than " + LARGEST + " bytes", null);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw invalid(file, "it cannot be read", e);
        }
    }

    private static HttpException invalid(Path file, String why, @Nullable Exception cause) {
        return new HttpException(
                "http.invalid-tls",
                ErrorKind.INVALID,
                500,
                "Could not set TLS up with " + file + ": " + why + ".",
                "Use PEM files; a key is brought into PKCS#8 form by: openssl pkcs8 -topk8 -nocrypt.",
                cause);
    }
}
