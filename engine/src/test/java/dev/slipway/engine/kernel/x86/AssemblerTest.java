package dev.slipway.engine.kernel.x86;

import static dev.slipway.engine.kernel.x86.Operand.at;
import static dev.slipway.engine.kernel.x86.Operand.each;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.kernel.x86.Assembler.Condition;
import dev.slipway.engine.kernel.x86.Operand.Vec;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Instructions as GNU as 2.40 encodes them, told to take three bytes for VEX. */
class AssemblerTest {
    private static Vec v(int number) {
        return new Vec(number);
    }

    private static Arguments of(String text, String bytes, Consumer<Assembler> write) {
        return Arguments.of(text, bytes, write);
    }

    static Stream<Arguments> vectors() {
        return Stream.of(
                of("vmovups ymm3, [rsi+64]", "c4e17c105e40", a -> a.vector(VectorOp.LOAD, 256, v(3), at(Gpr.RSI, 64))),
                of("vmovups [r11+4096], ymm9", "c4417c118b00100000", a -> a.store(256, at(Gpr.R11, 4096), v(9))),
                of(
                        "vmovups zmm20, [r10+128]",
                        "62c17c48106202",
                        a -> a.vector(VectorOp.LOAD, 512, v(20), at(Gpr.R10, 128))),
                of(
                        "vmovups zmm20, [r10+132]",
                        "62c17c4810a284000000",
                        a -> a.vector(VectorOp.LOAD, 512, v(20), at(Gpr.R10, 132))),
                of("vmovups [rdx], zmm31", "62617c48113a", a -> a.store(512, at(Gpr.RDX, 0), v(31))),
                of(
                        "vbroadcastss ymm1, [r12]",
                        "c4c27d180c24",
                        a -> a.vector(VectorOp.BROADCAST_FLOAT, 256, v(1), at(Gpr.R12, 0))),
                of(
                        "vbroadcastss zmm17, [r13+508]",
                        "62c27d48184d7f",
                        a -> a.vector(VectorOp.BROADCAST_FLOAT, 512, v(17), at(Gpr.R13, 508))),
                of(
                        "vbroadcastss zmm17, [rbp+512]",
                        "62e27d48188d00020000",
                        a -> a.vector(VectorOp.BROADCAST_FLOAT, 512, v(17), at(Gpr.RBP, 512))),
                of("vpbroadcastd zmm2, xmm18", "62b27d4858d2", a -> a.vector(VectorOp.BROADCAST_INT, 512, v(2), v(18))),
                of(
                        "vpternlogd zmm3, zmm20, zmm9, 0xf8",
                        "62d35d4025d9f8",
                        a -> a.vector(VectorOp.TERNARY, 512, v(3), v(20), v(9), 0xF8)),
                of(
                        "vpsrlw zmm18, [r10+192], 3",
                        "62d16d4071520303",
                        a -> a.shiftShortsRight(512, v(18), at(Gpr.R10, 192), 3)),
                of(
                        "vpsllw zmm2, [r10+64], 4",
                        "62d16d4871720104",
                        a -> a.shiftShortsLeft(512, v(2), at(Gpr.R10, 64), 4)),
                of("vfmadd231ps ymm4, ymm5, ymm14", "c4c255b8e6", a -> a.vector(VectorOp.FMA, 256, v(4), v(5), v(14))),
                of(
                        "vfmadd231ps zmm24, zmm9, zmm31",
                        "62023548b8c7",
                        a -> a.vector(VectorOp.FMA, 512, v(24), v(9), v(31))),
                of(
                        "vfmadd231ps zmm24, zmm9, [rsp+8]{1to16}",
                        "62623558b8442402",
                        a -> a.vector(VectorOp.FMA, 512, v(24), v(9), each(Gpr.RSP, 8))),
                of(
                        "vcvtph2ps ymm7, [r10+16]",
                        "c4c27d137a10",
                        a -> a.vector(VectorOp.HALF_TO_FLOAT, 256, v(7), at(Gpr.R10, 16))),
                of(
                        "vcvtph2ps zmm7, [r10+32]",
                        "62d27d48137a01",
                        a -> a.vector(VectorOp.HALF_TO_FLOAT, 512, v(7), at(Gpr.R10, 32))),
                of(
                        "vpdpbusd zmm12, zmm28, zmm3",
                        "62721d4050e3",
                        a -> a.vector(VectorOp.DOT_BYTES, 512, v(12), v(28), v(3))),
                of(
                        "vpdpbusd ymm4, ymm8, ymm15",
                        "c4c23d50e7",
                        a -> a.vector(VectorOp.DOT_BYTES, 256, v(4), v(8), v(15))),
                of(
                        "vpmaddubsw ymm1, ymm2, ymm3",
                        "c4e26d04cb",
                        a -> a.vector(VectorOp.MULTIPLY_ADD_BYTES, 256, v(1), v(2), v(3))),
                of(
                        "vpsignb ymm1, ymm12, ymm3",
                        "c4e21d08cb",
                        a -> a.vector(VectorOp.SIGN_BYTES, 256, v(1), v(12), v(3))),
                of("vpand ymm1, ymm2, ymm13", "c4c16ddbcd", a -> a.vector(VectorOp.AND, 256, v(1), v(2), v(13))),
                of("vpandd zmm30, zmm2, zmm13", "62416d48dbf5", a -> a.vector(VectorOp.AND, 512, v(30), v(2), v(13))),
                of(
                        "vpbroadcastw ymm1, [r10+6]",
                        "c4c27d794a06",
                        a -> a.vector(VectorOp.BROADCAST_SHORT, 256, v(1), at(Gpr.R10, 6))),
                of(
                        "vpbroadcastw ymm29, [r10+6]",
                        "62427d28796a03",
                        a -> a.vector(VectorOp.BROADCAST_SHORT, 256, v(29), at(Gpr.R10, 6))),
                of(
                        "vpmovsxbd zmm28, [rax+32]",
                        "62627d48216002",
                        a -> a.vector(VectorOp.WIDEN_BYTE_SIGNED, 512, v(28), at(Gpr.RAX, 32))),
                of(
                        "vpmovsxbd ymm12, [rax+8]",
                        "c4627d216008",
                        a -> a.vector(VectorOp.WIDEN_BYTE_SIGNED, 256, v(12), at(Gpr.RAX, 8))),
                of("vpsrad zmm4, zmm4, 31", "62f15d4872e41f", a -> a.shiftIntsRightSigned(512, v(4), v(4), 31)),
                of("vpsrad ymm4, ymm9, 31", "c4c15d72e11f", a -> a.shiftIntsRightSigned(256, v(4), v(9), 31)),
                of("vpandn ymm8, ymm9, ymm8", "c44135dfc0", a -> a.vector(VectorOp.AND_NOT, 256, v(8), v(9), v(8))),
                of(
                        "vpandnd zmm4, zmm5, [r9]",
                        "62d15548df21",
                        a -> a.vector(VectorOp.AND_NOT, 512, v(4), v(5), at(Gpr.R9, 0))),
                of("vcvtph2ps zmm27, ymm27", "62027d4813db", a -> a.vector(VectorOp.HALF_TO_FLOAT, 512, v(27), v(27))),
                of("vpsrlw ymm1, ymm9, 4", "c4c17571d104", a -> a.shiftShortsRight(256, v(1), v(9), 4)),
                of("vpsrlw zmm21, zmm9, 4", "62d1554071d104", a -> a.shiftShortsRight(512, v(21), v(9), 4)),
                of("vpslld xmm1, xmm2, 7", "c4e17172f207", a -> a.shiftIntsLeft(128, v(1), v(2), 7)),
                of("vpslld zmm1, zmm22, 7", "62b1754872f607", a -> a.shiftIntsLeft(512, v(1), v(22), 7)),
                of("vmovd xmm9, eax", "c461796ec8", a -> a.move(v(9), Gpr.RAX)),
                of("vmovd xmm25, eax", "62617d086ec8", a -> a.move(v(25), Gpr.RAX)),
                of(
                        "vbroadcasti32x4 zmm30, [rax]",
                        "62627d485a30",
                        a -> a.vector(VectorOp.BROADCAST_16_BYTES, 512, v(30), at(Gpr.RAX, 0))),
                of("vpmovsdb [rsi+16], zmm1", "62f27e48214e01", a -> a.storeBytes(512, at(Gpr.RSI, 16), v(1))),
                of("vextractf128 xmm2, ymm11, 1", "c4637d19da01", a -> a.upperHalf(256, v(2), v(11))),
                of("vextracti64x4 ymm2, zmm18, 1", "62e3fd483bd201", a -> a.upperHalf(512, v(2), v(18))),
                of(
                        "vpermilps xmm1, xmm2, 0x4e",
                        "c4e37904ca4e",
                        a -> a.vector(VectorOp.PERMUTE_IN_128, 128, v(1), v(2), 0x4E)),
                of(
                        "vpshufb zmm4, zmm30, zmm4",
                        "62f20d4000e4",
                        a -> a.vector(VectorOp.SHUFFLE_BYTES, 512, v(4), v(30), v(4))),
                of(
                        "vpmovzxwd zmm4, [r10+64]",
                        "62d27d48336202",
                        a -> a.vector(VectorOp.WIDEN_SHORT, 512, v(4), at(Gpr.R10, 64))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void encodesVectorInstructions(String text, String bytes, Consumer<Assembler> write) {
        Assembler a = new Assembler();
        write.accept(a);
        assertThat(HexFormat.of().formatHex(a.bytes())).as(text).isEqualTo(bytes);
    }

    @Test
    void encodesGeneralInstructions() {
        Assembler a = new Assembler();
        a.mov(Gpr.R8, Gpr.RDX);
        a.add(Gpr.R11, Gpr.R9);
        a.add(Gpr.RDI, 128);
        a.sub(Gpr.R8, 1);
        a.mov(Gpr.R10, 0x01020304);
        a.load64(Gpr.RCX, Gpr.RSP, 8);
        a.store32(Gpr.R8, 4, Gpr.RBX);
        a.imul(Gpr.RAX, Gpr.R9);
        a.push(Gpr.RBX);
        a.pop(Gpr.R12);
        a.prefetch(Gpr.R10, 8192);
        a.store64(Gpr.RSP, 8, Gpr.R9);
        assertThat(HexFormat.of().formatHex(a.bytes()))
                .isEqualTo("4989d0" + "4d01cb" + "4881c780000000" + "4981e801000000" + "41ba04030201" + "488b4c2408"
                        + "41895804" + "490fafc1" + "4053" + "415c" + "410f188a00200000" + "4c894c2408");
    }

    @Test
    void jumpsForwardAndBack() {
        Assembler a = new Assembler();
        Assembler.Label end = Assembler.label();
        Assembler.Label start = a.here();
        a.jump(Condition.ZERO, end);
        a.jump(start);
        a.place(end);
        a.ret();
        assertThat(HexFormat.of().formatHex(a.bytes())).isEqualTo("0f8405000000" + "e9f5ffffff" + "c3");
    }

    @Test
    void tellsLevelsByWhatProcessorAndSystemSay() {
        int ecx1 = 1 << 27 | 1 << 12 | 1 << 29;
        int ebx7 = 1 << 5 | 1 << 16 | 1 << 30 | 1 << 31;
        assertThat(CpuCode.levels(ecx1, 0xE7, ebx7, 1 << 11, 1 << 4)).containsExactly(Level.values());
        assertThat(CpuCode.levels(ecx1, 0x07, ebx7, 1 << 11, 0)).containsExactly(Level.AVX2);
        assertThat(CpuCode.levels(ecx1, 0xE7, ebx7, 0, 0)).containsExactly(Level.AVX2);
        assertThat(CpuCode.levels(ecx1, 0x03, ebx7, 1 << 11, 1 << 4)).isEmpty();
        assertThat(CpuCode.levels(0, 0, 0, 0, 0)).isEmpty();
    }
}
