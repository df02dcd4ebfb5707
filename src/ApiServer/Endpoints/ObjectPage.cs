using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>Objects of a list and its metadata.</summary>
internal sealed record ObjectPage(IReadOnlyList<CachedObject> Items, ListMetadata Metadata);
