using MiniKube.Api.Meta;
using MiniKube.Api.Selectors;

namespace MiniKube.ApiServer.Filters;

/// <summary>What a request asks for, read from its method and path. What authorization judges, and what chooses the endpoint.</summary>
internal sealed record RequestInfo
{
    public required string Path { get; init; }

    /// <summary>get, list, watch, create, update, patch, delete, deletecollection; of other paths the HTTP method in lower case.</summary>
    public required string Verb { get; init; }

    /// <summary>Whether the path names a resource (<c>/api/v1/…</c> or <c>/apis/group/version/…</c>).</summary>
    public bool IsResourceRequest { get; init; }

    public string Group { get; init; } = "";

    public string Version { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>What follows the subresource, for proxies; empty for everything else.</summary>
    public string Rest { get; init; } = "";

    /// <summary>Of reads and deletions of many: which of them are asked for. One that cannot be read is everything here, and refused by who answers.</summary>
    public FieldSelector FieldSelector { get; init; } = FieldSelector.Everything;

    /// <summary>The name that authorization judges: of the path, or the only one that the field selector lets through.</summary>
    public string ObjectName => Name.Length > 0 ? Name : FieldSelector.RequiredValue("metadata.name") ?? "";

    public GroupVersionResource GroupVersionResource => new(Group, Version, Resource);

    /// <summary>Whether the answer may take as long as the client likes: no deadline, not counted as in flight.</summary>
    public bool IsLongRunning => Verb == "watch" || Subresource is "log" or "exec" or "attach" or "portforward" or "proxy";
}
