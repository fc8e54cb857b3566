package dev.slipway.gallery.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gallery.HostCapability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostProbeTest {
    @TempDir
    private Path root;

    @Test
    void theEnvironmentWinsOverAll() throws IOException {
        write("run/localai/capability", "nvidia");
        pci("0", "0x030000", "0x10de");

        assertThat(linux("amd64", Map.of(HostProbe.FORCE_VARIABLE, "vulkan")).name())
                .isEqualTo("vulkan");
        assertThat(linux("amd64", Map.of()).name()).isEqualTo("nvidia");
    }

    @Test
    void theCapabilityFileMayLieElsewhere() throws IOException {
        write("etc/capability", " intel \n");

        assertThat(linux("amd64", Map.of(HostProbe.RUN_FILE_VARIABLE, "/etc/capability"))
                        .name())
                .isEqualTo("intel");
    }

    @Test
    void aHostWithoutGpuIsDefault() throws IOException {
        pci("0", "0x020000", "0x10de");

        assertThat(linux("amd64", Map.of())).isEqualTo(new HostCapability("default", "no GPU found"));
    }

    @Test
    void nvidiaIsToldApartByCudaAndByProcessor() throws IOException {
        pci("0", "0x030200", "0x10de");
        write("nvidia-memory-mebibytes", "24576");
        assertThat(linux("amd64", Map.of()).name()).isEqualTo("nvidia");

        Files.createDirectories(root.resolve("usr/local/cuda-12"));
        assertThat(linux("amd64", Map.of()).name()).isEqualTo("nvidia-cuda-12");
        assertThat(linux("aarch64", Map.of()).name()).isEqualTo("nvidia-l4t-cuda-12");

        Files.createDirectories(root.resolve("usr/local/cuda-13"));
        assertThat(linux("amd64", Map.of()).name()).isEqualTo("nvidia-cuda-13");
    }

    @Test
    void aGpuOfFourGibibytesOrLessDoesNotCount() throws IOException {
        pci("0", "0x030000", "0x1002");
        write("sys/class/drm/card0/device/mem_info_vram_total", Long.toString(HostCapability.SMALL_GPU_BYTES));
        assertThat(linux("amd64", Map.of()).name()).isEqualTo("default");

        write("sys/class/drm/card0/device/mem_info_vram_total", Long.toString(HostCapability.SMALL_GPU_BYTES + 1));
        assertThat(linux("amd64", Map.of()).name()).isEqualTo("amd");
    }

    @Test
    void macsAreMetalOrOld() {
        assertThat(HostCapability.of(HostProbe.facts(root, Map.of(), "Mac OS X", "aarch64"))
                        .name())
                .isEqualTo("metal");
        assertThat(HostCapability.of(HostProbe.facts(root, Map.of(), "Mac OS X", "x86_64"))
                        .name())
                .isEqualTo("darwin-x86");
    }

    @Test
    void thisHostHasSomeCapability() {
        assertThat(HostCapability.detect().name()).isNotBlank();
    }

    private HostCapability linux(String architecture, Map<String, String> environment) {
        return HostCapability.of(HostProbe.facts(root, environment, "Linux", architecture));
    }

    private void pci(String slot, String type, String vendor) throws IOException {
        write("sys/bus/pci/devices/" + slot + "/class", type + "\n");
        write("sys/bus/pci/devices/" + slot + "/vendor", vendor + "\n");
    }

    private void write(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
