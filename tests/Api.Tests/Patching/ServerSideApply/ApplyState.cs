using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Patching.ServerSideApply;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;

namespace MiniKube.Api.Tests.Patching.ServerSideApply;

/// <summary>An object as a server holds it, and the writes that make it what it is. Every write is a second later than the one before.</summary>
internal sealed class ApplyState(ObjectType type, string apiVersion, string kind)
{
    private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public JsonObject? Live { get; private set; }

    public string Subresource { get; init; } = "";

    public FieldSet Ignored { get; init; } = FieldSet.Empty;

    /// <summary>The object without what every object has.</summary>
    public string Object
    {
        get
        {
            var obj = (JsonObject)Live!.DeepClone();
            foreach (var name in (string[])["kind", "apiVersion"])
            {
                obj.Remove(name);
            }

            foreach (var name in (string[])["managedFields", "uid"])
            {
                obj.ObjectAt("metadata")?.Remove(name);
            }

            if (obj["metadata"] is JsonObject { Count: 0 })
            {
                obj.Remove("metadata");
            }

            return obj.ToJsonString(Relaxed);
        }
    }

    public static System.Text.Json.JsonSerializerOptions Relaxed { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public JsonArray? ManagedFields => Live?["metadata"]?["managedFields"] as JsonArray;

    /// <summary>Whether somebody owns anything by applying or updating.</summary>
    public IEnumerable<string> Managers => ManagedFields?.Select(entry => $"{entry.StringAt("manager")} {entry.StringAt("operation")}") ?? [];

    /// <summary>fieldsV1 of a manager's entry; null if it has none.</summary>
    public string? FieldsOf(string manager, string operation = "Apply") => ManagedFields?
        .FirstOrDefault(entry => entry.StringAt("manager") == manager && entry.StringAt("operation") == operation)?["fieldsV1"]?.ToJsonString(Relaxed);

    /// <summary>The same kind before anybody wrote.</summary>
    public ApplyState Fresh() => new(type, apiVersion, kind) { Subresource = Subresource, Ignored = Ignored };

    public ApplyState Update(string manager, string json)
    {
        var obj = Typed(JsonNode.Parse(json)!.AsObject());
        if (Live?["metadata"]?["managedFields"] is { } entries && obj["metadata"]?["managedFields"] is null)
        {
            obj.GetOrAddObject("metadata")["managedFields"] = entries.DeepClone();
        }

        Manager(manager).Update(Live, obj);
        Store(obj);
        return this;
    }

    public ApplyState Apply(string manager, string json, bool force = false)
    {
        var config = JsonNode.Parse(json)!.AsObject();
        config["kind"] = kind;
        config["apiVersion"] = apiVersion;
        var given = config.ToJsonString();
        Store(Typed(Manager(manager).Apply(Live, config, force)));
        Assert.Equal(given, config.ToJsonString());
        return this;
    }

    public StatusException Refused(string manager, string json) => Assert.Throws<StatusException>(() => Apply(manager, json));

    private FieldManager Manager(string name)
    {
        _now = _now.AddSeconds(1);
        return new FieldManager(new FieldWrite(name, apiVersion, kind, type, _now) { Subresource = Subresource, Ignored = Ignored });
    }

    private JsonObject Typed(JsonObject obj)
    {
        obj["kind"] = kind;
        obj["apiVersion"] = apiVersion;
        return ObjectDecoder.Decode(obj, type).Object;
    }

    private void Store(JsonObject obj)
    {
        obj.GetOrAddObject("metadata")["uid"] = "1";
        Live = JsonCodec.Parse(JsonCodec.Write(obj, type));
    }
}
