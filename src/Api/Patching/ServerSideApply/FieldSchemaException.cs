namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>An object does not fit its type. Every error says where (<c>.spec.containers[name="a"].foo</c>) and what, in structured-merge-diff's words.</summary>
internal sealed class FieldSchemaException(IReadOnlyList<string> errors)
    : Exception(errors.Count == 1 ? errors[0] : string.Join('\n', errors.Select(error => "  " + error).Prepend("errors:")))
{
    public FieldSchemaException(string error)
        : this([error])
    {
    }
}
