using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>A parameter of a path or a query.</summary>
internal sealed record OpenApiParameter(string Name, string Type, string Description, bool InPath = false)
{
    public static OpenApiParameter Namespace { get; } =
        new("namespace", "string", "object name and auth scope, such as for teams and projects", InPath: true);

    public static OpenApiParameter Pretty { get; } = new("pretty", "string", "If 'true', then the output is pretty printed.");

    private static OpenApiParameter DryRun { get; } = new(
        "dryRun", "string", "When present, indicates that modifications should not be persisted. Valid values are: - All: all dry run stages will be processed");

    private static OpenApiParameter FieldManager { get; } = new(
        "fieldManager", "string", "The name of the actor that makes the changes: at most 128 printable characters. Required for apply requests.");

    private static OpenApiParameter FieldValidation { get; } = new(
        "fieldValidation",
        "string",
        "What happens to unknown and duplicate fields: - Ignore: they are dropped silently. - Warn: they are dropped, each with a warning (the default). - Strict: the request fails.");

    private static OpenApiParameter Force { get; } = new(
        "force", "boolean", "Whether an apply request takes over the fields that others own. Must be unset for other patches.");

    private static OpenApiParameter LabelSelector { get; } = new(
        "labelSelector", "string", "A selector to restrict the list of returned objects by their labels. Defaults to everything.");

    private static OpenApiParameter FieldSelector { get; } = new(
        "fieldSelector", "string", "A selector to restrict the list of returned objects by their fields. Defaults to everything.");

    /// <summary>Of POST and PUT.</summary>
    public static IReadOnlyList<OpenApiParameter> OfWrites { get; } = [DryRun, FieldManager, FieldValidation];

    /// <summary>Of PATCH. kubectl looks for dryRun and fieldValidation here before it uses them.</summary>
    public static IReadOnlyList<OpenApiParameter> OfPatches { get; } = [DryRun, FieldManager, FieldValidation, Force];

    public static IReadOnlyList<OpenApiParameter> OfDeletes { get; } =
    [
        DryRun,
        new("gracePeriodSeconds", "integer", "The seconds until the object is deleted; zero is at once. Without it the kind's own period counts."),
        new("orphanDependents", "boolean", "Deprecated: use propagationPolicy."),
        new("propagationPolicy", "string", "What happens to dependents: 'Orphan' keeps them, 'Background' deletes them later, 'Foreground' deletes them first."),
    ];

    public static IReadOnlyList<OpenApiParameter> OfLists { get; } =
    [
        new("allowWatchBookmarks", "boolean", "Asks for events of type BOOKMARK, which only tell the resourceVersion. Ignored if this is not a watch."),
        new("continue", "string", "The token of the page before, to go on with a list that limit has cut."),
        FieldSelector,
        LabelSelector,
        new("limit", "integer", "The most items to return; if there are more, the list's metadata has a continue token."),
        Pretty,
        new("resourceVersion", "string", "What state the answer may be of. See https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions for details."),
        new("resourceVersionMatch", "string", "How resourceVersion is applied to a list: NotOlderThan or Exact."),
        new("sendInitialEvents", "boolean", "Makes a watch begin with the present objects as ADDED events, followed by a bookmark."),
        new("timeoutSeconds", "integer", "Timeout for the list/watch call. This limits the duration of the call, regardless of any activity or inactivity."),
        new("watch", "boolean", "Watch for changes to the described resources and return them as a stream of add, update, and remove notifications. Specify resourceVersion."),
    ];

    public static OpenApiParameter ObjectName(string kind) => new("name", "string", $"name of the {kind}", InPath: true);

    public JsonObject ToJson(OpenApiFlavour flavour)
    {
        var json = new JsonObject { ["description"] = Description, ["in"] = InPath ? "path" : "query", ["name"] = Name };
        if (InPath)
        {
            json["required"] = true;
        }

        if (flavour == OpenApiFlavour.V3)
        {
            json["schema"] = new JsonObject { ["type"] = Type, ["uniqueItems"] = true };
        }
        else
        {
            json["type"] = Type;
            json["uniqueItems"] = true;
        }

        return json;
    }
}
