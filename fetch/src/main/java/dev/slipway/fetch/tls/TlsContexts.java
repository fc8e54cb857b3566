package dev.slipway.fetch.tls;

import dev.slipway.fetch.TlsSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Makes socket factories from settings, once for each. */
public final class TlsContexts {
    private static final char[] NO_PASSWORD = new char[0];

    private final Map<TlsSettings, SSLSocketFactory> factories = new ConcurrentHashMap<>();

    /**
     * The factory for connections with these settings.
     *
     * @throws IOException when a file is missing or is not what it should be
     */
    public SSLSocketFactory factory(TlsSettings settings) throws IOException {
        SSLSocketFactory present = factories.get(settings);
        if (present != null) {
            return present;
        }
        try {
            SSLSocketFactory made = create(settings).getSocketFactory();
            factories.put(settings, made);
            return made;
        } catch (GeneralSecurityException e) {
            throw new IOException("its TLS certificates cannot be used: " + e.getMessage(), e);
        }
    }

    private static SSLContext create(TlsSettings settings) throws GeneralSecurityException, IOException {
        if (settings.equals(TlsSettings.DEFAULT)) {
            return SSLContext.getDefault();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(settings), new TrustManager[] {trust(settings)}, null);
        return context;
    }

    private static X509TrustManager trust(TlsSettings settings) throws GeneralSecurityException, IOException {
        if (!settings.verified()) {
            return new TrustsAnyone();
        }
        // What Java trusts by itself, and the named authorities beside it.
        TrustManagerFactory usual = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        usual.init((KeyStore) null);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, NO_PASSWORD);
        int count = 0;
        for (X509Certificate issuer : only(usual).getAcceptedIssuers()) {
            trusted.setCertificateEntry("usual-" + count++, issuer);
        }
        for (Path file : settings.authorities()) {
            for (X509Certificate authority : PemFile.read(file).certificates()) {
                trusted.setCertificateEntry("named-" + count++, authority);
            }
        }
        TrustManagerFactory all = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        all.init(trusted);
        return only(all);
    }

    private static X509TrustManager only(TrustManagerFactory factory) {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new IllegalStateException("every Java platform has an X.509 trust manager");
    }

    private static KeyManager[] keys(TlsSettings settings) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        List<TlsSettings.ClientIdentity> identities = new ArrayList<>(settings.identities());
        for (int i = 0; i < identities.size(); i++) {
            X509Certificate[] chain =
                    PemFile.read(identities.get(i).certificate()).certificates().toArray(X509Certificate[]::new);
            store.setKeyEntry(
                    "client-" + i, PemFile.read(identities.get(i).key()).privateKey(), NO_PASSWORD, chain);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }
}
