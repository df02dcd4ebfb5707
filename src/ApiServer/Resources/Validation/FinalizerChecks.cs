using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Names of finalizers: with a prefix, or one of the few that upstream itself knows.</summary>
internal static class FinalizerChecks
{
    private static readonly string[] Standard = ["kubernetes", "orphan", "foregroundDeletion"];

    public static void Validate(Field finalizer)
    {
        finalizer.Name(Names.QualifiedName);
        if (!finalizer.Text.Contains('/', StringComparison.Ordinal) && !Standard.Contains(finalizer.Text))
        {
            finalizer.Invalid("name is neither a standard finalizer name nor is it fully qualified");
        }
    }
}
