using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>References to objects of other kinds.</summary>
internal static class ReferenceChecks
{
    /// <summary>A group, a kind and a name (core/v1 TypedLocalObjectReference).</summary>
    public static void Typed(Field reference)
    {
        if (reference["apiGroup"].IsSet)
        {
            reference["apiGroup"].Name(Names.DnsSubdomain);
        }

        Segment(reference["kind"], "kind is required");
        Segment(reference["name"], "name is required");
    }

    /// <summary>What can stand in a path.</summary>
    public static void Segment(Field field, string required = "")
    {
        if (field.NotEmpty(required))
        {
            field.Name(Names.PathSegment);
        }
    }
}
