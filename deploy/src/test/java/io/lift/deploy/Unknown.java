package io.lift.deploy;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Finds the properties that the models of Kubernetes and Strimzi have read but do not know. */
final class Unknown {
  private Unknown() {}

  /** Paths such as {@code .spec.template.sepc}. */
  static List<String> in(Object model) {
    List<String> found = new ArrayList<>();
    walk(model, "", found);
    return found;
  }

  private static void walk(Object value, String path, List<String> found) {
    if (value instanceof Collection<?> items) {
      int i = 0;
      for (Object item : items) {
        walk(item, path + "[" + i++ + "]", found);
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, item) -> walk(item, path + "." + key, found));
    } else if (value != null && isModel(value.getClass())) {
      for (Method getter : value.getClass().getMethods()) {
        if (isGetter(getter)) {
          inProperty(value, getter, path, found);
        }
      }
    }
  }

  private static void inProperty(Object owner, Method getter, String path, List<String> found) {
    try {
      Object value = getter.invoke(owner);
      if (getter.getName().equals("getAdditionalProperties")) {
        if (value instanceof Map<?, ?> unknown) {
          unknown.keySet().forEach(name -> found.add(path + "." + name));
        }
      } else {
        String name = getter.getName().substring(3);
        walk(value, path + "." + Character.toLowerCase(name.charAt(0)) + name.substring(1), found);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + getter, e);
    }
  }

  private static boolean isGetter(Method method) {
    return method.getName().startsWith("get")
        && method.getName().length() > 3
        && method.getParameterCount() == 0
        && !method.getDeclaringClass().equals(Object.class)
        && !method.getDeclaringClass().isInterface();
  }

  private static boolean isModel(Class<?> type) {
    return !type.isEnum()
        && (type.getName().startsWith("io.fabric8.kubernetes.api.model")
            || type.getName().startsWith("io.strimzi.api"));
  }
}
