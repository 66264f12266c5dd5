// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import org.apache.fory.Fory;
import org.apache.fory.context.ReadContext;
import org.apache.fory.context.WriteContext;
import org.apache.fory.resolver.TypeResolver;
import org.apache.fory.serializer.Serializer;
import org.apache.fory.serializer.SerializerFactory;
import org.apache.fory.serializer.Serializers;
import org.apache.fory.serializer.collection.ChildContainerSerializers.ChildCollectionSerializer;
import org.apache.fory.serializer.collection.ChildContainerSerializers.ChildMapSerializer;
import org.apache.fory.serializer.collection.CollectionLikeSerializer;
import org.apache.fory.serializer.collection.MapLikeSerializer;
import org.jspecify.annotations.Nullable;

/** Fory's reading of tables, with a {@link HashingBudget} asked before each key. The bytes are the same. */
@SuppressWarnings({"rawtypes", "unchecked"}) // as Fory's own classes are
final class ForyHashGuard {
    /** Those of the JDK's that hash or compare what they are given; also the ones without a name of their own. */
    private static final List<Class<?>> TABLES = List.of(
            HashSet.class,
            LinkedHashSet.class,
            HashMap.class,
            LinkedHashMap.class,
            Hashtable.class,
            Properties.class,
            ConcurrentHashMap.class,
            CopyOnWriteArraySet.class,
            Collections.newSetFromMap(new HashMap<>()).getClass(),
            Set.of(1).getClass(),
            Set.of(1, 2, 3).getClass(),
            Map.of(1, 2).getClass(),
            Map.of(1, 2, 3, 4).getClass());

    private ForyHashGuard() {}

    /** To be called before a value is read. Tables of other classes are guarded when they are met. */
    static void install(Fory fory, HashingBudget budget) {
        TypeResolver resolver = fory.getTypeResolver();
        for (Class<?> table : TABLES) {
            Serializer guarded = guarded(resolver, resolver.getSerializer(table), budget);
            if (guarded == null) {
                throw new IllegalStateException("this version of Fory reads a " + table.getName() + " by itself");
            }
            resolver.setSerializer((Class) table, guarded);
        }
        fory.registerSerializerFactory(new UsersTables(budget));
    }

    /** Classes of users that extend one of the JDK's tables and leave its reading to Fory. */
    private static final class UsersTables implements SerializerFactory {
        private final HashingBudget budget;
        /** Fory asks every factory also when a factory asks it. */
        private boolean asking;

        UsersTables(HashingBudget budget) {
            this.budget = budget;
        }

        @Override
        public @Nullable Serializer createSerializer(TypeResolver resolver, Class<?> type) {
            boolean table = Map.class.isAssignableFrom(type) || Set.class.isAssignableFrom(type);
            if (asking || !table || JdkValues.isJdk(type)) {
                return null;
            }
            asking = true;
            try {
                Class<? extends Serializer> own = resolver.getSerializerClass(type);
                boolean extended = own == ChildMapSerializer.class || own == ChildCollectionSerializer.class;
                return extended ? guarded(resolver, Serializers.newSerializer(resolver, type, own), budget) : null;
            } finally {
                asking = false;
            }
        }
    }

    private static @Nullable Serializer guarded(TypeResolver resolver, Serializer real, HashingBudget budget) {
        if (real instanceof CollectionLikeSerializer collections) {
            return new GuardedCollections(resolver, collections, budget);
        }
        return real instanceof MapLikeSerializer maps ? new GuardedMaps(resolver, maps, budget) : null;
    }

    private static final class GuardedCollections extends CollectionLikeSerializer<Object> {
        private final CollectionLikeSerializer real;
        private final HashingBudget budget;

        GuardedCollections(TypeResolver resolver, CollectionLikeSerializer real, HashingBudget budget) {
            super(resolver, real.getType());
            this.real = real;
            this.budget = budget;
        }

        @Override
        public Object read(ReadContext context) {
            // what comes back here is already known to the context, for what refers to it from inside
            Collection collection = real.newCollection(context, false);
            int elements = real.getAndClearNumElements();
            if (elements > 0) {
                readElements(context, new Keys(collection, budget), elements);
            }
            return real.onCollectionRead(collection);
        }

        @Override
        public void write(WriteContext context, Object value) {
            real.write(context, value);
        }

        @Override
        public Collection onCollectionWrite(WriteContext context, Object value) {
            return real.onCollectionWrite(context, value);
        }

        @Override
        public Object onCollectionRead(Collection collection) {
            return real.onCollectionRead(collection);
        }
    }

    private static final class GuardedMaps extends MapLikeSerializer<Object> {
        private final MapLikeSerializer real;
        private final HashingBudget budget;

        GuardedMaps(TypeResolver resolver, MapLikeSerializer real, HashingBudget budget) {
            super(resolver, real.getType());
            this.real = real;
            this.budget = budget;
        }

        @Override
        public Object read(ReadContext context) {
            Map map = real.newMap(context, false);
            int entries = real.getAndClearNumElements();
            real.readElements(context, entries, new Entries(map, budget));
            return real.onMapRead(map);
        }

        @Override
        public void write(WriteContext context, Object value) {
            real.write(context, value);
        }

        @Override
        public Map onMapWrite(WriteContext context, Object value) {
            return real.onMapWrite(context, value);
        }

        @Override
        public Object onMapCopy(Map map) {
            return real.onMapCopy(map);
        }

        @Override
        public Object onMapRead(Map map) {
            return real.onMapRead(map);
        }
    }

    /** What is added goes into the collection, if its hash can be done. */
    private static final class Keys extends AbstractCollection<Object> {
        private final Collection collection;
        private final HashingBudget budget;

        Keys(Collection collection, HashingBudget budget) {
            this.collection = collection;
            this.budget = budget;
        }

        @Override
        public boolean add(Object key) {
            budget.charge(key);
            return collection.add(key);
        }

        @Override
        public Iterator<Object> iterator() {
            return collection.iterator();
        }

        @Override
        public int size() {
            return collection.size();
        }
    }

    /** As {@link Keys}. */
    private static final class Entries extends AbstractMap<Object, Object> {
        private final Map map;
        private final HashingBudget budget;

        Entries(Map map, HashingBudget budget) {
            this.map = map;
            this.budget = budget;
        }

        @Override
        public @Nullable Object put(Object key, Object value) {
            budget.charge(key);
            return map.put(key, value);
        }

        @Override
        public Set<Entry<Object, Object>> entrySet() {
            return map.entrySet();
        }
    }
}
