using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Schema;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>Makes the paths of resources with all their operations.</summary>
internal sealed class PathBuilder(OpenApiFlavour flavour, SchemaBuilder schemas)
{
    private static readonly (string, string)[] Created = [("200", "OK"), ("201", "Created"), ("202", "Accepted")];
    private static readonly (string, string)[] Updated = [("200", "OK"), ("201", "Created")];
    private static readonly (string, string)[] Deleted = [("200", "OK"), ("202", "Accepted")];

    private readonly OperationBuilder _operations = new(flavour);

    /// <summary>The path that lists a group version's resources.</summary>
    public KeyValuePair<string, JsonObject> Discovery(string group, string version)
    {
        var kind = new GroupVersionKind(group, version, "");
        return KeyValuePair.Create($"/{OpenApiResource.KeyOf(group, version)}/", new JsonObject
        {
            ["get"] = _operations.Build(new OpenApiOperation(
                "", $"get{OperationNames.Of(kind)}APIResources", "get available resources", OperationNames.TagOf(kind), kind, [], Meta("APIResourceList"))),
        });
    }

    public IEnumerable<KeyValuePair<string, JsonObject>> Paths(OpenApiResource resource)
    {
        var scope = resource.Namespaced ? "/namespaces/{namespace}" : "";
        var collection = $"{resource.GroupPath}{scope}/{resource.Plural}";
        if (Collection(resource) is { Count: > 0 } operations)
        {
            yield return Path(collection, resource, operations, named: false);
        }

        if (resource.Namespaced && resource.Verbs.Contains("list"))
        {
            var list = List(resource, "ForAllNamespaces");
            yield return KeyValuePair.Create($"{resource.GroupPath}/{resource.Plural}", new JsonObject { ["get"] = _operations.Build(list) });
        }

        if (Item(resource) is { Count: > 0 } item)
        {
            yield return Path($"{collection}/{{name}}", resource, item, named: true);
        }

        foreach (var watch in WatchPaths(resource))
        {
            yield return watch;
        }

        foreach (var subresource in resource.Subresources)
        {
            var path = $"{collection}/{{name}}/{subresource.Name}";
            if (!subresource.IsConnection)
            {
                yield return Path(path, resource, Part(resource, subresource), named: true, Parameters(resource, subresource));
                continue;
            }

            foreach (var (end, parameters) in ConnectOperations.Paths(subresource))
            {
                yield return Path(path + end, resource, ConnectOperations.Of(resource, subresource, withPath: end.Length > 0), named: true, parameters);
            }
        }
    }

    // The deprecated way to watch, which upstream's documents still tell of; custom resources never had it there.
    private IEnumerable<KeyValuePair<string, JsonObject>> WatchPaths(OpenApiResource resource)
    {
        if (resource.Custom is not null || !resource.Verbs.Contains("watch"))
        {
            yield break;
        }

        const string instead = "deprecated: use the 'watch' parameter with a list operation instead";
        var (kind, root) = (resource.Kind.Kind, $"{resource.GroupPath}/watch");
        var id = $"watch{OperationNames.Of(resource.Kind)}";
        OpenApiOperation Watch(string action, string name, string description) =>
            Operation(resource, action, "watch", "", description, []) with { Id = id + name, Answer = Meta("WatchEvent") };

        var list = $"watch individual changes to a list of {kind}. {instead}.";
        var collection = root + (resource.Namespaced ? "/namespaces/{namespace}" : "") + $"/{resource.Plural}";
        yield return Path(collection, resource, [("get", Watch("watchlist", $"{Scope(resource)}{kind}List", list))], named: false, OpenApiParameter.OfLists);
        yield return Path(
            $"{collection}/{{name}}",
            resource,
            [("get", Watch("watch", $"{Scope(resource)}{kind}", $"watch changes to an object of kind {kind}. {instead}, filtered to a single item with the 'fieldSelector' parameter."))],
            named: true,
            OpenApiParameter.OfLists);
        if (resource.Namespaced)
        {
            yield return Path(
                $"{root}/{resource.Plural}",
                resource with { Namespaced = false },
                [("get", Watch("watchlist", $"{kind}ListForAllNamespaces", list))],
                named: false,
                OpenApiParameter.OfLists);
        }
    }

    private KeyValuePair<string, JsonObject> Path(
        string path,
        OpenApiResource resource,
        IEnumerable<(string Method, OpenApiOperation Operation)> operations,
        bool named,
        IEnumerable<OpenApiParameter>? more = null)
    {
        var item = new JsonObject();
        foreach (var (method, operation) in operations)
        {
            item[method] = _operations.Build(operation);
        }

        var parameters = new List<OpenApiParameter>();
        if (named)
        {
            parameters.Add(OpenApiParameter.ObjectName(resource.Kind.Kind));
        }

        if (resource.Namespaced)
        {
            parameters.Add(OpenApiParameter.Namespace);
        }

        parameters.AddRange(more ?? [OpenApiParameter.Pretty]);
        item["parameters"] = new JsonArray([.. parameters.Select(parameter => parameter.ToJson(flavour))]);
        return KeyValuePair.Create(path, item);
    }

    private List<(string, OpenApiOperation)> Collection(OpenApiResource resource)
    {
        var operations = new List<(string, OpenApiOperation)>();
        var kind = resource.Kind.Kind;
        if (resource.Verbs.Contains("list"))
        {
            operations.Add(("get", List(resource, "")));
        }

        if (resource.Verbs.Contains("create"))
        {
            operations.Add(("post", Operation(resource, "post", "create", "", $"create a {kind}", OpenApiParameter.OfWrites) with
            {
                Body = Object(resource.Type),
                Successes = Created,
            }));
        }

        if (resource.Verbs.Contains("deletecollection"))
        {
            var delete = Operation(
                resource, "deletecollection", "delete", "Collection", $"delete collection of {kind}", [.. OpenApiParameter.OfDeletes, .. OpenApiParameter.OfLists]);
            operations.Add(("delete", delete with
            {
                Body = Meta("DeleteOptions"),
                BodyRequired = false,
                Answer = Meta("Status"),
                Parameters = [.. delete.Parameters.Where(parameter => parameter.Name is not ("watch" or "allowWatchBookmarks" or "pretty"))],
            }));
        }

        return operations;
    }

    private List<(string, OpenApiOperation)> Item(OpenApiResource resource)
    {
        var kind = resource.Kind.Kind;
        var operations = Reads(resource, resource.Type, resource.Verbs, "", kind);
        if (resource.Verbs.Contains("delete"))
        {
            operations.Add(("delete", Operation(resource, "delete", "delete", "", $"delete a {kind}", OpenApiParameter.OfDeletes) with
            {
                Body = Meta("DeleteOptions"),
                BodyRequired = false,
                Answer = Meta("Status"),
                Successes = Deleted,
            }));
        }

        return operations;
    }

    private List<(string, OpenApiOperation)> Part(OpenApiResource resource, OpenApiSubresource subresource)
    {
        var suffix = char.ToUpperInvariant(subresource.Name[0]) + subresource.Name[1..];
        var what = $"{subresource.Name} of {resource.Kind.Kind}";
        var operations = Reads(resource, subresource.Type, subresource.Verbs, suffix, what);
        if (subresource.Verbs.Contains("create"))
        {
            operations.Add(("post", Operation(resource, "post", "create", "", $"create {what}", OpenApiParameter.OfWrites) with
            {
                Id = $"create{OperationNames.Of(resource.Kind)}{Scope(resource)}{resource.Kind.Kind}{suffix}",
                Body = Object(subresource.Type),
                Answer = Object(subresource.Type),
                Successes = Created,
            }));
        }

        if (subresource.Name == "log")
        {
            return [.. operations.Select(operation => (operation.Item1, operation.Item2 with { Answer = ConnectOperations.Text }))];
        }

        return [.. operations.Select(operation => (operation.Item1, operation.Item2 with { Kind = subresource.Kind }))];
    }

    // What a log is asked for by are the fields of its options.
    private static IEnumerable<OpenApiParameter> Parameters(OpenApiResource resource, OpenApiSubresource subresource) =>
        subresource.Name == "log" && TypeGraph.BuiltIn.Find("core/v1", $"{resource.Kind.Kind}LogOptions") is { } options
            ? ConnectOperations.Parameters(options).Append(OpenApiParameter.Pretty)
            : [OpenApiParameter.Pretty];

    private List<(string, OpenApiOperation)> Reads(
        OpenApiResource resource, ObjectType? type, IReadOnlyList<string> verbs, string suffix, string what)
    {
        var operations = new List<(string, OpenApiOperation)>();
        OpenApiOperation Make(string action, string verb, string text, IReadOnlyList<OpenApiParameter> parameters)
        {
            var operation = Operation(resource, action, verb, "", $"{text} the specified {what}", parameters);
            return operation with { Id = operation.Id + suffix, Answer = Object(type) };
        }

        if (verbs.Contains("get"))
        {
            operations.Add(("get", Make("get", "read", "read", [])));
        }

        if (verbs.Contains("update"))
        {
            operations.Add(("put", Make("put", "replace", "replace", OpenApiParameter.OfWrites) with { Body = Object(type), Successes = Updated }));
        }

        if (verbs.Contains("patch"))
        {
            operations.Add(("patch", Make("patch", "patch", "partially update", OpenApiParameter.OfPatches) with
            {
                Body = schemas.Reference(DefinitionNames.Meta + "Patch", SpecialSchemas.Patch),
                Successes = Updated,
            }));
        }

        return operations;
    }

    private OpenApiOperation List(OpenApiResource resource, string suffix)
    {
        var all = suffix.Length > 0;
        var operation = Operation(resource, "list", "list", "", $"list or watch objects of kind {resource.Kind.Kind}", OpenApiParameter.OfLists);
        return operation with
        {
            Id = all ? $"list{OperationNames.Of(resource.Kind)}{resource.Kind.Kind}{suffix}" : operation.Id,
            Answer = Object(resource.ListType),
        };
    }

    private OpenApiOperation Operation(
        OpenApiResource resource, string action, string verb, string infix, string description, IReadOnlyList<OpenApiParameter> parameters) => new(
            action,
            $"{verb}{OperationNames.Of(resource.Kind)}{infix}{Scope(resource)}{resource.Kind.Kind}",
            description,
            OperationNames.TagOf(resource.Kind),
            resource.Kind,
            parameters,
            Object(resource.Type));

    private static string Scope(OpenApiResource resource) => resource.Namespaced ? "Namespaced" : "";

    private JsonObject Object(ObjectType? type) => type is null ? new JsonObject { ["type"] = "object" } : schemas.Reference(type);

    private JsonObject Meta(string name) => Object(TypeGraph.BuiltIn.Find("meta/v1", name));
}
