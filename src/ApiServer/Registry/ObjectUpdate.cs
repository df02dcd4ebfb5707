using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Registry;

/// <summary>How an update makes the new object.</summary>
/// <param name="Scope">What of it counts.</param>
/// <param name="Apply">
/// Makes the new object of the current one, which it must not change. Called again with the newest state when somebody else was faster. The current one is
/// null if there is none: then the result is created, if the kind allows it.
/// </param>
/// <param name="CreatesIfMissing">Whether an object that does not exist is made (PUT for a few kinds; apply).</param>
/// <param name="RecordsFields">Whether what was made says already who owns its fields (apply, scale).</param>
/// <param name="ExpectsUid">Whether the uid that a document names is a precondition (PUT): else it is a field that cannot be changed (PATCH).</param>
internal sealed record ObjectUpdate(
    UpdateScope Scope,
    Func<JsonObject?, CancellationToken, ValueTask<JsonObject>> Apply,
    bool CreatesIfMissing = false,
    bool RecordsFields = false,
    bool ExpectsUid = false);
