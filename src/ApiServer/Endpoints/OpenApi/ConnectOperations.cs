using System.Text.Json.Nodes;

using MiniKube.Api.Schema;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>
/// What the documents say of subresources that connect the client with a container or a backend. Their query parameters are the fields of their options
/// kind (PodExecOptions, PodLogOptions, …).
/// </summary>
internal static class ConnectOperations
{
    private static readonly OpenApiParameter ProxyPath = new("path", "string", "path to the resource", InPath: true);

    // The methods that verbs of discovery stand for.
    private static readonly Dictionary<string, string> Methods = new(StringComparer.Ordinal)
    {
        ["get"] = "get",
        ["create"] = "post",
        ["update"] = "put",
        ["patch"] = "patch",
        ["delete"] = "delete",
    };

    private static readonly Dictionary<string, string> Descriptions = new(StringComparer.Ordinal)
    {
        ["command"] = "The command to run, one argument each time the parameter is given. No shell reads it.",
        ["container"] = "The container of the pod. May be left out where the pod has only one.",
        ["follow"] = "Whether the log is streamed on as it is written.",
        ["insecureSkipTLSVerifyBackend"] = "Whether the certificate of the kubelet that serves the log is not verified.",
        ["limitBytes"] = "The most bytes of log to return. The last line may be cut.",
        ["path"] = "The path, on the backend, of the request that is proxied.",
        ["ports"] = "The ports of the pod to forward. Required for WebSocket.",
        ["previous"] = "Whether to return the log of the container that ran before, if it was restarted.",
        ["sinceSeconds"] = "How many seconds ago the log begins. Only one of sinceSeconds and sinceTime may be given.",
        ["sinceTime"] = "The time (RFC 3339) at which the log begins. Only one of sinceSeconds and sinceTime may be given.",
        ["stderr"] = "Whether the standard error of the process is sent.",
        ["stdin"] = "Whether the standard input of the process is connected.",
        ["stdout"] = "Whether the standard output of the process is sent.",
        ["stream"] = "Which of the container's streams to return: All, Stdout or Stderr.",
        ["tailLines"] = "How many lines, counted from the end of the log, to return.",
        ["timestamps"] = "Whether each line begins with the time (RFC 3339) at which it was written.",
        ["tty"] = "Whether the process has a terminal.",
    };

    /// <summary>The schema of an answer that is text, or whatever the backend says.</summary>
    public static JsonObject Text => new() { ["type"] = "string" };

    /// <summary>How the subresource's paths end, with the parameters of each: a proxy also has one for the paths below it.</summary>
    public static IEnumerable<(string End, IReadOnlyList<OpenApiParameter> Parameters)> Paths(OpenApiSubresource subresource)
    {
        List<OpenApiParameter> options = [.. subresource.Type is { } type ? Parameters(type) : []];
        yield return ("", options);
        if (options.Exists(option => option.Name == ProxyPath.Name))
        {
            yield return ($"/{{{ProxyPath.Name}}}", [ProxyPath]);
        }
    }

    public static IEnumerable<(string Method, OpenApiOperation Operation)> Of(OpenApiResource resource, OpenApiSubresource subresource, bool withPath) =>
        from verb in subresource.Verbs
        where Methods.ContainsKey(verb)
        let method = Methods[verb]
        let scope = resource.Namespaced ? "Namespaced" : ""
        let name = OperationNames.Capital(method) + scope + resource.Kind.Kind + OperationNames.Capital(subresource.Name)
        select (method, new OpenApiOperation(
            "connect",
            $"connect{OperationNames.Of(resource.Kind)}{name}{(withPath ? "WithPath" : "")}",
            $"connect {method.ToUpperInvariant()} requests to {subresource.Name} of {resource.Kind.Kind}",
            OperationNames.TagOf(resource.Kind),
            subresource.Kind,
            [],
            Text));

    /// <summary>Parameters of the fields that are scalars, or lists of them, which are given several times.</summary>
    public static IEnumerable<OpenApiParameter> Parameters(ObjectType options) =>
        from field in options.OrderedFields
        where field.Name is not ("kind" or "apiVersion")
        orderby field.Name
        select new OpenApiParameter(field.Name, TypeOf(field.Type.Element ?? field.Type), Descriptions.GetValueOrDefault(field.Name, ""));

    private static string TypeOf(TypeRef type) => type.Kind switch
    {
        ValueKind.Boolean => "boolean",
        ValueKind.Integer => "integer",
        _ => "string",
    };
}
