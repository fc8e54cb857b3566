package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {
    @TempDir
    Path root;

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private long available() {
        return HostMemory.of(root).available();
    }

    @Test
    void isWhatTheHostHasLeft() throws IOException {
        assertThat(available()).isEqualTo(Long.MAX_VALUE);
        write("proc/meminfo", "MemTotal:       24567890 kB\nMemFree: 1 kB\nMemAvailable:    1000 kB\n");
        assertThat(available()).isEqualTo(1000 << 10);
    }

    @Test
    void isNoMoreThanControlGroupsAllow() throws IOException {
        write("proc/meminfo", "MemAvailable:    10000000 kB\n");
        write("proc/self/cgroup", "0::/system.slice/slipway.service\n");
        write("sys/fs/cgroup/system.slice/slipway.service/memory.max", "max\n");
        assertThat(available()).isEqualTo(10_000_000L << 10);
        write("sys/fs/cgroup/system.slice/memory.max", "1000000\n");
        write("sys/fs/cgroup/system.slice/memory.current", "600000\n");
        write("sys/fs/cgroup/system.slice/memory.stat", "anon 500000\nactive_file 20000\ninactive_file 80000\n");
        assertThat(available()).isEqualTo(1_000_000 - 500_000);
        write("sys/fs/cgroup/system.slice/slipway.service/memory.max", "300000\n");
        assertThat(available()).isEqualTo(300_000);
    }

    @Test
    void knowsTheGroupsOfContainersAndOfOldKernels() throws IOException {
        write("sys/fs/cgroup/memory.max", "4096\n");
        assertThat(available()).isEqualTo(4096);
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "2048\n");
        write("sys/fs/cgroup/memory/memory.usage_in_bytes", "1024\n");
        assertThat(available()).isEqualTo(1024);
        write("proc/self/cgroup", "9:memory:/../../outside\n0::/../..\n");
        assertThat(available()).isEqualTo(1024);
    }

    @Test
    void tellsOfThisHostToo() {
        assertThat(HostMemory.here().available()).isGreaterThan(1 << 20);
    }
}
