namespace MiniKube.Api.Schema;

/// <summary>What a value is on the wire. The kinds from <see cref="Quantity"/> on have a JSON form of their own (upstream's custom marshallers).</summary>
public enum ValueKind
{
    String,
    Boolean,

    /// <summary>A whole number of 32 or 64 bits.</summary>
    Integer,
    Float,

    /// <summary>Base64 text in JSON.</summary>
    Bytes,
    Object,
    List,

    /// <summary>String keys and values of one type.</summary>
    Map,
    Quantity,

    /// <summary>A 32-bit number or a string, such as a port.</summary>
    IntOrString,

    /// <summary>RFC 3339 in UTC with whole seconds.</summary>
    Time,

    /// <summary>RFC 3339 in UTC with six decimals.</summary>
    MicroTime,

    /// <summary>Go's text form of a duration, such as <c>1m30s</c>.</summary>
    Duration,

    /// <summary>Any JSON value: <c>runtime.RawExtension</c>, <c>apiextensions.JSON</c>, <c>FieldsV1</c>. Never pruned.</summary>
    Any,

    /// <summary>A JSON schema or a list of them (<c>items</c> of a schema).</summary>
    SchemaOrArray,

    /// <summary>A JSON schema or a boolean (<c>additionalProperties</c>).</summary>
    SchemaOrBool,

    /// <summary>A JSON schema or a list of names (<c>dependencies</c>).</summary>
    SchemaOrStringArray,
}
