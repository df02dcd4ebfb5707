using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Patching.ServerSideApply;
using MiniKube.Api.Serialization;

namespace MiniKube.Api.Schema;

/// <summary>One field of a type, with what the API says of it.</summary>
public sealed class FieldType
{
    private JsonEncodedText? _encodedName;
    private FieldElement? _element;

    /// <summary>The JSON name; empty for an inlined type, whose fields stand in the outer JSON object.</summary>
    public required string Name { get; init; }

    public required TypeRef Type { get; init; }

    /// <summary>Whether Go holds a pointer: an empty value differs from an absent one and is kept.</summary>
    public bool IsPointer { get; init; }

    /// <summary>Whether the field is written though it is empty, as Go writes it: zero, "", {} or null.</summary>
    public bool WrittenWhenEmpty { get; init; }

    /// <summary>Whether that is because Go's tag says so (no omitempty), and not only because Go never leaves out a struct.</summary>
    public bool IsWrittenByTag { get; init; }

    /// <summary>Whether a client that sends an empty list says something by it, though that is never stored: it resets managedFields.</summary>
    public bool IsReadWhenEmpty { get; init; }

    public bool Optional { get; init; }

    public bool Required { get; init; }

    /// <summary>The default in the published schema; null when there is none. (Defaults are applied by the strategies.)</summary>
    public JsonNode? Default { get; init; }

    /// <summary>Null where the API says nothing: to be treated as atomic.</summary>
    public ListType? ListType { get; init; }

    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    /// <summary>A map or an object that apply and patch treat as one value.</summary>
    public bool IsAtomic { get; init; }

    /// <summary>Of strategic merge patch: <c>merge</c>, <c>replace</c>, <c>retainKeys</c>.</summary>
    public IReadOnlyList<string> PatchStrategies { get; init; } = [];

    public string? PatchMergeKey { get; init; }

    /// <summary>The field's number in protobuf; 0 for a field that protobuf does not have.</summary>
    public int ProtobufNumber { get; init; }

    /// <summary>A type whose fields stand in the outer JSON object, though protobuf has a message for it.</summary>
    public bool IsInline => Name.Length == 0;

    internal JsonEncodedText EncodedName => _encodedName ??= JsonEncodedText.Encode(Name, GoJsonEncoder.Instance);

    /// <summary>The field as a step of a path in managedFields.</summary>
    internal FieldElement Element => _element ??= FieldElement.Field(Name);

    public override string ToString() => $"{Name}: {Type}";
}
