using MiniKube.Api.Meta;

namespace MiniKube.ApiServer.Metrics;

/// <summary>What serves a request, as metrics tell it.</summary>
/// <param name="Name">The resource; of empty names for other paths.</param>
/// <param name="Subresource">Or the path that is no resource.</param>
/// <param name="Verb">By <see cref="RequestVerb"/>.</param>
/// <param name="Scope">resource, namespace, cluster or empty.</param>
/// <param name="DryRun">Empty, All or invalid.</param>
internal sealed record RequestRoute(GroupVersionResource Name, string Subresource, string Verb, string Scope, string DryRun);
