package dev.slipway.fetch.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and keys in PEM files.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468, textual encodings</a>
 */
final class PemFile {
    private static final int MAX_SIZE = 8 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private final Path path;
    private final String text;

    private PemFile(Path path, String text) {
        this.path = path;
        this.text = text;
    }

    static PemFile read(Path path) throws IOException {
        if (Files.size(path) > MAX_SIZE) {
            throw new IOException(path + " is too large for a PEM file");
        }
        return new PemFile(path, Files.readString(path, StandardCharsets.ISO_8859_1));
    }

    /** All certificates; at least one. */
    List<X509Certificate> certificates() throws IOException, GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> found = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (block.group(1).equals("CERTIFICATE")) {
                Certificate certificate = factory.generateCertificate(new ByteArrayInputStream(decode(block.group(2))));
                found.add((X509Certificate) certificate);
            }
        }
        if (found.isEmpty()) {
            throw new IOException(path + " holds no certificate in PEM form");
        }
        return found;
    }

    /** The first private key, in PKCS #8 form. */
    PrivateKey privateKey() throws IOException, NoSuchAlgorithmException {
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (block.group(1).equals("PRIVATE KEY")) {
                return key(decode(block.group(2)));
            }
        }
        throw new IOException(
                path + " holds no unencrypted PKCS #8 private key (openssl pkcs8 -topk8 -nodes makes one)");
    }

    private PrivateKey key(byte[] encoded) throws IOException, NoSuchAlgorithmException {
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException _) {
                // A key of another algorithm.
            }
        }
        throw new IOException(path + " holds a private key that is neither RSA, EC nor EdDSA");
    }

    private byte[] decode(String base64) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IOException(path + " is damaged", e);
        }
    }
}
