using System.Text.Json.Nodes;

using k8s.Models;

namespace MiniKube.Api.Errors;

/// <summary>A Status as JSON, in upstream's order of fields: clients' tests compare the bytes (CLIENTS.md A18). Empty fields are left out.</summary>
public static class StatusDocument
{
    public static JsonObject ToJson(V1Status status)
    {
        var json = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = Metadata(status.Metadata) };
        Add(json, "status", status.Status);
        Add(json, "message", status.Message);
        Add(json, "reason", status.Reason);
        if (status.Details is { } details)
        {
            json["details"] = Details(details);
        }

        Add(json, "code", status.Code);
        return json;
    }

    /// <summary>What DELETE answers when the object is gone and its kind does not return it.</summary>
    public static V1Status Deleted(string group, string resource, string name, string? uid) => new()
    {
        ApiVersion = "v1",
        Kind = "Status",
        Metadata = new V1ListMeta(),
        Status = "Success",
        Details = new V1StatusDetails { Name = name, Group = group, Kind = resource, Uid = uid },
    };

    private static JsonObject Metadata(V1ListMeta? metadata)
    {
        var json = new JsonObject();
        Add(json, "resourceVersion", metadata?.ResourceVersion);
        Add(json, "continue", metadata?.ContinueProperty);
        Add(json, "remainingItemCount", metadata?.RemainingItemCount);
        return json;
    }

    private static JsonObject Details(V1StatusDetails details)
    {
        var json = new JsonObject();
        Add(json, "name", details.Name);
        Add(json, "group", details.Group);
        Add(json, "kind", details.Kind);
        Add(json, "uid", details.Uid);
        if (details.Causes is { Count: > 0 } causes)
        {
            json["causes"] = new JsonArray([.. causes.Select(Cause)]);
        }

        Add(json, "retryAfterSeconds", details.RetryAfterSeconds);
        return json;
    }

    private static JsonObject Cause(V1StatusCause cause)
    {
        var json = new JsonObject();
        Add(json, "reason", cause.Reason);
        Add(json, "message", cause.Message);
        Add(json, "field", cause.Field);
        return json;
    }

    private static void Add(JsonObject json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json[name] = value;
        }
    }

    private static void Add(JsonObject json, string name, long? value)
    {
        if (value is { } number and not 0)
        {
            json[name] = number;
        }
    }
}
