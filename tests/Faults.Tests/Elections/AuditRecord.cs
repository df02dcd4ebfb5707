using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;

namespace MiniKube.Faults.Tests.Elections;

/// <summary>What the audit log of an API server tells of one request.</summary>
/// <param name="User">Who asked: every candidate is a user of its own.</param>
/// <param name="Verb">As RBAC has it.</param>
/// <param name="Resource">The resource, and after a slash the subresource.</param>
/// <param name="Name">The object's.</param>
/// <param name="Code">The status of the answer.</param>
/// <param name="Lease">The Lease that the write depends on; empty for what is not fenced.</param>
/// <param name="Token">The fencing token that it was sent with, which is the epoch: 0 for what is not fenced.</param>
/// <param name="Received">When the server had the request. What it did, it did after this.</param>
/// <param name="Completed">When it had answered. What it did, it did before this.</param>
internal sealed record AuditRecord(string User, string Verb, string Resource, string Name, int Code, string Lease, long Token, DateTimeOffset Received, DateTimeOffset Completed)
{
    public bool IsWrite => Verb is "create" or "update" or "patch" or "delete" or "deletecollection";

    /// <summary>Whether it changed something, and depended on a Lease.</summary>
    public bool IsLeadersWrite => IsWrite && Token > 0 && Code is >= 200 and < 300;

    public static AuditRecord Parse(string line)
    {
        var json = JsonNode.Parse(line) ?? throw new FormatException(line);
        string Object(string name) => json.StringAt("objectRef", name) ?? "";
        var fence = json.StringAt("annotations", "minikube.dev/fence") is { } header && Fencing.TryParse(header, out var lease, out var token) ? (lease.Name, token) : ("", 0L);
        return new AuditRecord(
            json.StringAt("user", "username") ?? "",
            json.StringAt("verb") ?? "",
            Object("subresource") is { Length: > 0 } subresource ? $"{Object("resource")}/{subresource}" : Object("resource"),
            Object("name"),
            json["responseStatus"]?["code"]?.GetValue<int>() ?? 0,
            fence.Item1,
            fence.Item2,
            Time(json, "requestReceivedTimestamp"),
            Time(json, "stageTimestamp"));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"[{Received:HH:mm:ss.ffffff} {Completed:HH:mm:ss.ffffff}] {User}: {Verb} {Resource} {Name} with {Lease}:{Token}: {Code}");

    private static DateTimeOffset Time(JsonNode json, string name) =>
        Timestamps.TryParse(json.StringAt(name) ?? "", out var time) ? time : throw new FormatException($"{name} is no time");
}
