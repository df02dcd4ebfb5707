namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>What an owner owns.</summary>
/// <param name="ApiVersion">The version that the fields are of.</param>
/// <param name="Fields">The fields; not empty in an object's managedFields.</param>
/// <param name="Time">When the set last changed, as RFC 3339 with whole seconds; null where that is not known.</param>
internal sealed record OwnedFields(string ApiVersion, FieldSet Fields, string? Time = null);
