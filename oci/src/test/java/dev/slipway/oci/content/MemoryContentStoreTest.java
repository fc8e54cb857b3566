package dev.slipway.oci.content;

import org.junit.jupiter.api.Nested;

class MemoryContentStoreTest {
    @Nested
    class AsAStore extends StoreContract {
        @Override
        ContentStore create() {
            return new MemoryContentStore();
        }
    }

    @Nested
    class AsACollector extends CollectContract {
        @Override
        ContentStore create() {
            return new MemoryContentStore();
        }
    }
}
