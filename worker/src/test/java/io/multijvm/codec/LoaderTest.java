// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.task.Codec;
import io.multijvm.task.SerializableFunction;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything is found by the job's loader, also where its parent has classes of the same names. */
class LoaderTest {

    static List<Codec> codecs() {
        return List.of(new ForyCodec(), new JavaCodec());
    }

    /** The job's classes first: its own copy of everything in the tests' directory. */
    private static final class ChildFirst extends URLClassLoader {
        ChildFirst() {
            super(
                    new URL[] {Job.class.getProtectionDomain().getCodeSource().getLocation()},
                    LoaderTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!name.startsWith(Job.class.getName())) {
                    return super.loadClass(name, resolve);
                }
                Class<?> known = findLoadedClass(name);
                return known != null ? known : findClass(name);
            }
        }
    }

    /** A user's job, as a child-first loader and its parent both have it. */
    public static final class Job implements java.io.Serializable {
        private final int n;

        public Job(int n) {
            this.n = n;
        }

        public SerializableFunction<Integer, Integer> task() {
            int offset = n;
            return i -> i + offset;
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void anObjectOfTheJobComesBackInTheJobsLoader(Codec codec) throws Exception {
        try (ChildFirst loader = new ChildFirst()) {
            Object job = jobOf(loader);
            Object back = roundTrip(codec, loader, new Object[] {job, List.of(job)});
            assertThat(((Object[]) back)[0].getClass()).isSameAs(job.getClass()).isNotSameAs(Job.class);
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    @SuppressWarnings("unchecked")
    void aLambdaOfTheJobComesBackInTheJobsLoader(Codec codec) throws Exception {
        try (ChildFirst loader = new ChildFirst()) {
            Object job = jobOf(loader);
            Object task = job.getClass().getMethod("task").invoke(job);
            Object back = roundTrip(codec, loader, Objects.requireNonNull(task));
            assertThat(back.getClass().getClassLoader()).isSameAs(loader);
            assertThat(((SerializableFunction<Integer, Integer>) back).apply(1)).isEqualTo(8);
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void theThreadsContextLoaderIsNotAsked(Codec codec) throws Exception {
        byte[] bytes = Samples.codec(codec).encode(new Job(1));
        ValueCodec knowsOnlyTheJdk =
                new ValueCodec(codec, ClassLoader.getPlatformClassLoader(), AllowList.everything());
        Thread.currentThread().setContextClassLoader(LoaderTest.class.getClassLoader());
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> knowsOnlyTheJdk.decode(bytes, 0, bytes.length))
                .hasMessageContaining(Job.class.getName())
                .hasMessageContaining("not known to the class loader");
    }

    private static Object jobOf(ClassLoader loader) throws ReflectiveOperationException {
        return loader.loadClass(Job.class.getName()).getConstructor(int.class).newInstance(7);
    }

    private static Object roundTrip(Codec codec, ClassLoader loader, Object value) {
        return Samples.roundTrip(new ValueCodec(codec, loader, AllowList.everything()), value);
    }
}
