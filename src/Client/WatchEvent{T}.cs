using k8s;

namespace MiniKube.Client;

/// <summary>One event of a watch: Added, Modified, Deleted or Bookmark (whose object carries only a resourceVersion).</summary>
public sealed record WatchEvent<T>(WatchEventType Type, T Object);
