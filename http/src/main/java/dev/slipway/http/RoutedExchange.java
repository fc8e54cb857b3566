package dev.slipway.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** An exchange with what the route's pattern matched. */
record RoutedExchange(Exchange exchange, Map<String, String> values) implements Exchange {
    @Override
    public String parameter(String name) {
        String value = values.get(name);
        return value == null ? exchange.parameter(name) : value;
    }

    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String path() {
        return exchange.path();
    }

    @Override
    public Optional<String> query(String name) {
        return exchange.query(name);
    }

    @Override
    public List<String> queries(String name) {
        return exchange.queries(name);
    }

    @Override
    public Optional<String> header(String name) {
        return exchange.header(name);
    }

    @Override
    public OptionalLong contentLength() {
        return exchange.contentLength();
    }

    @Override
    public InputStream body() throws IOException {
        return exchange.body();
    }

    @Override
    public InputStream unlimitedBody() throws IOException {
        return exchange.unlimitedBody();
    }

    @Override
    public String requestId() {
        return exchange.requestId();
    }

    @Override
    public InetSocketAddress remote() {
        return exchange.remote();
    }

    @Override
    public boolean secure() {
        return exchange.secure();
    }

    @Override
    public long sent() {
        return exchange.sent();
    }

    @Override
    public Exchange addHeader(String name, String value) {
        exchange.addHeader(name, value);
        return this;
    }

    @Override
    public Exchange respondHeader(String name, String value) {
        exchange.respondHeader(name, value);
        return this;
    }

    @Override
    public void send(int status, String contentType, byte[] body) throws IOException {
        exchange.send(status, contentType, body);
    }

    @Override
    public void send(int status) throws IOException {
        exchange.send(status);
    }

    @Override
    public void sendFile(int status, String contentType, Path file, long offset, long length) throws IOException {
        exchange.sendFile(status, contentType, file, offset, length);
    }

    @Override
    public OutputStream stream(int status, String contentType, OptionalLong length) throws IOException {
        return exchange.stream(status, contentType, length);
    }

    @Override
    public EventStream events() throws IOException {
        return exchange.events();
    }
}
