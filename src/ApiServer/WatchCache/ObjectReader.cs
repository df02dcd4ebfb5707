using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.Storage;

namespace MiniKube.ApiServer.WatchCache;

/// <summary>Makes cached objects of one resource from what the store holds.</summary>
internal sealed partial class ObjectReader(string prefix, ResourceStrategy strategy, ObjectCodec codec, ILogger<ObjectReader> logger)
{
    private readonly PartReader _parts = new(strategy.SelectablePaths);

    public string Prefix => prefix;

    public string? IndexedField => strategy.IndexedField;

    // Upstream's lists of custom resources repeat the kind in every item.
    private bool IsCustom => strategy.Type is { Schema: not null };

    public string KeyOf(KeyValue stored) => stored.Key[prefix.Length..];

    public string IndexKey(CachedObject obj) => $"{obj.Field(strategy.IndexedField ?? "")}/{obj.Key}";

    /// <summary>Throws InternalError, in upstream's words, if the value is not an object.</summary>
    public CachedObject Read(KeyValue stored)
    {
        try
        {
            return Decode(stored);
        }
        catch (Exception error) when (IsOfTheValue(error))
        {
            throw UnreadableObject.Of(stored, error).ToStatus();
        }
    }

    /// <summary>Takes the answer of a write apart.</summary>
    public CachedObject ReadServed(ReadOnlyMemory<byte> json)
    {
        var obj = ObjectCodec.Parse(json.Span);
        var revision = long.TryParse(obj.StringAt("metadata", "resourceVersion"), CultureInfo.InvariantCulture, out var version) ? version : 0;
        (obj["metadata"] as JsonObject)?.Remove("resourceVersion");
        var bytes = JsonCodec.Write(obj, strategy.Type);
        var key = strategy.NamespaceScoped ? $"{obj.StringAt("metadata", "namespace")}/{obj.StringAt("metadata", "name")}" : obj.StringAt("metadata", "name") ?? "";
        return new CachedObject(key, revision, ObjectBytes.FromStored(bytes, revision, IsCustom), FieldsOf(bytes));
    }

    /// <summary>Null, and a line in the log that names the key, if the value is not an object: one broken value must not stop the cache.</summary>
    public CachedObject? TryRead(KeyValue stored, out UnreadableObject? unreadable)
    {
        try
        {
            unreadable = null;
            return Decode(stored);
        }
        catch (Exception error) when (IsOfTheValue(error))
        {
            Log.Undecodable(logger, error, stored.Key);
            unreadable = UnreadableObject.Of(stored, error);
            return null;
        }
    }

    private CachedObject Decode(KeyValue stored)
    {
        var served = codec.ToServed(stored.Value);

        // First, as it reads all of it: the bytes go into lists as they are, and half an object would spoil those of others.
        var fields = FieldsOf(served.Span);
        return new CachedObject(KeyOf(stored), stored.ModRevision, ObjectBytes.FromStored(served.Span, stored.ModRevision, IsCustom), fields);
    }

    // What reading bytes throws that are no JSON, or JSON of another shape.
    private static bool IsOfTheValue(Exception error) => error is JsonException or InvalidOperationException or FormatException;

    private SmallMap FieldsOf(ReadOnlySpan<byte> json)
    {
        var parts = _parts.Read(json);
        var fields = new List<string>();
        foreach (var (name, read) in strategy.SelectableFields)
        {
            if (read(parts) is { Length: > 0 } value)
            {
                fields.AddRange([name, TextPool.Share(value)]);
            }
        }

        return SmallMap.Of(fields);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The stored value of {Key} is not an object; neither it nor lists of it are served")]
        public static partial void Undecodable(ILogger logger, Exception exception, string key);
    }
}
